export interface GridColumn {
  readonly name: string;
  /** A second, quieter line under the name. */
  readonly detail: string;
  /** Numbers stand at the right. */
  readonly numeric: boolean;
}
