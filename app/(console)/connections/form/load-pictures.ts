import { withChainWords } from "#app/(console)/chain/with-chain-words.tsx";
import { ClientPicture, MaterialSummary } from "./material-summary.tsx";

// For `lazy`: what was pasted, with the words of the chains that it is drawn as.

export function loadMaterialSummary() {
  return withChainWords(Promise.resolve(MaterialSummary));
}

export function loadClientPicture() {
  return withChainWords(Promise.resolve(ClientPicture));
}
