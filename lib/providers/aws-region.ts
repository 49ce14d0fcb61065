/**
 * The AWS region that a host's own name tells: an Aurora DSQL cluster's, or that of an RDS or Aurora endpoint in any
 * of Amazon's partitions. Undefined for names that hold none: aliases, and an Aurora global database's writer.
 * @param host as typed; case and one closing dot do not count
 */
export function awsRegionOf(host: string): string | undefined {
  const name = host.trim().toLowerCase().replace(/\.$/, "");
  for (const shape of shapes) {
    const region = shape.exec(name)?.[1];
    if (region !== undefined && isAwsRegion(region)) return region;
  }
  return undefined;
}

/** `us-east-1`, `cn-northwest-1`, `us-gov-west-1`, `eusc-de-east-1`: it becomes part of a host name, so nothing else. */
export function isAwsRegion(text: string): boolean {
  return /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(text);
}

const shapes = [
  /^[a-z0-9-]+\.dsql[a-z0-9-]*\.([a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn)$/,
  /^(?:[a-z0-9-]+\.)+([a-z0-9-]+)\.rds\.amazonaws\.com$/,
  /^(?:[a-z0-9-]+\.)+rds\.([a-z0-9-]+)\.amazonaws\.com\.cn$/,
] as const;
