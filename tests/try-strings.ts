import { parseConnectionString } from "#lib/strings/parse-connection-string.ts";
import { writeAs } from "#lib/strings/write-as.ts";
import { copyForms } from "#lib/strings/copy-form.ts";
import { newFormValues } from "#lib/profiles/form-values.ts";
const base = { ...newFormValues, host: "db.example.com", user: "app", database: "shop", password: "p'a\"s $x%y\\z;=&é", };
const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const variants: Record<string, any> = {
  full: base, mozilla: {...base, trust:"mozilla"},
  ca: {...base, mode:"verify-ca", trust:"own", ca: pem},
  require: {...base, mode:"require"},
  selfsigned: {...base, mode:"require", allowSelfSigned:true},
  prefer: {...base, mode:"prefer"},
  off: {...base, ssl:false},
  dsql: {...base, host:"abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws", user:"admin", database:"postgres", signIn:"aurora-dsql-token", tokenExpiry:"3600", password:""},
  rds: {...base, host:"x.abc.us-east-1.rds.amazonaws.com", signIn:"rds-token", tokenRegion:"us-east-1", trust:"provider", password:""},
  extras: {...base, applicationName:"my app", options:"-c search_path=a,b", connectTimeout:"7", negotiation:"direct", channelBinding:"require", minVersion:"TLSv1.3", networkAddress: "192.0.2.1"},
  client: {...base, clientCertificate: pem, signIn:"certificate", clientKey: "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", password:""},
};
const only = process.argv.slice(2);
for (const [n, v] of Object.entries(variants)) for (const f of copyForms) {
  const w = writeAs(f, v, { withSecrets: true, roots: pem });
  if (w.text === "") { console.log(n, f, "EMPTY"); continue; }
  const r = parseConnectionString(w.text);
  if (!r.ok) { console.log("FAIL", n, f, r.problem.code, JSON.stringify(r.problem.facts), "\n", w.text); continue; }
  const p = r.value; const bad: string[] = [];
  for (const k of ["host","port","database","user","mode","ssl","allowSelfSigned","signIn","applicationName","options","connectTimeout","negotiation","channelBinding","minVersion","networkAddress","tokenExpiry","trust"] as const) {
    const got = (p.values as any)[k] ?? (newFormValues as any)[k];
    if (got !== v[k] && !(k==="mode" && !v.ssl)) bad.push(`${k}: ${JSON.stringify(v[k])} -> ${JSON.stringify(got)}`);
  }
  if ((p.password ?? "") !== v.password) bad.push(`password -> ${p.password}`);
  const odd = p.notes.map(x=>x.id).join(",");
  if (bad.length || p.unknown.length || p.unsupported.length || only.includes(n)) console.log(n, f, bad.join("; "), "| unknown", JSON.stringify(p.unknown), p.unsupported, odd, only.length ? "\n"+w.text : "");
}
