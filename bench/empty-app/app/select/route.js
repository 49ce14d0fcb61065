import pg from "pg";

// The floor of a statement over HTTP: this framework, a pool, and nothing else.
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE, max: 10 });

export async function POST(request) {
  const { sql } = await request.json();
  const { rows } = await pool.query({ text: sql, rowMode: "array" });
  return Response.json(rows, { headers: { "Cache-Control": "no-store" } });
}
