import { withChainWords } from "#app/(console)/chain/with-chain-words.tsx";
import { TlsReportDialog } from "./tls-report-dialog.tsx";

/** The report with the words of the chains in it; for `lazy`. */
export function loadTlsReport() {
  return withChainWords(Promise.resolve(TlsReportDialog));
}
