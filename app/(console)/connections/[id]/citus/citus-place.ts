/** What is known of a Citus cluster before it is asked. */
export interface CitusPlace {
  readonly version: string;
  /** Whose ports are to be explained. */
  readonly service: "azure" | "other";
  readonly port: number;
  /** Where this looks like a worker's host, the coordinator's. */
  readonly coordinator: string | null;
}
