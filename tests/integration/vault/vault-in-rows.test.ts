import { afterAll } from "vitest";
import { startRowServer } from "#tests/support/row-vaults.ts";
import { vaultContract } from "./vault-contract.ts";

const server = await startRowServer();
afterAll(() => server.stop());

vaultContract("in rows of PostgreSQL", () => server.place());
