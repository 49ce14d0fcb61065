import { get } from "node:http";

/**
 * Asks the console for a page and waits for the end of the answer, or of the hope for one.
 * @param {string} url
 */
export function ask(url) {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      response.once("end", resolve);
    }).once("error", resolve);
  });
}
