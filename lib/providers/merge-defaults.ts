import {
  type FormChange,
  type FormValues,
  newFormValues,
  type SslMode,
  sslModes,
} from "#lib/profiles/form-values.ts";
import type { Provider } from "./provider.ts";

/**
 * What the form changes when its host is recognised: empty fields get the provider's defaults, and TLS is only
 * ever raised. A value that the person chose stays, unless it is weaker than the provider's least (D1, H1).
 * @returns only what differs from `values`; empty when nothing does
 */
export function providerChange(provider: Provider, values: FormValues): FormChange {
  const { defaults } = provider;
  const change: FormChange = {};

  for (const field of ["port", "database", "user"] as const) {
    const known = defaults[field];
    if (known !== undefined && values[field].trim() === "") change[field] = known;
  }
  if (!values.ssl && (provider.tlsRequired || defaults.ssl === true)) change.ssl = true;
  if (defaults.mode !== undefined && strength(values.mode) < strength(defaults.mode))
    change.mode = defaults.mode;
  if (!values.sni && defaults.sni === true) change.sni = true;

  const trust = trustFor(provider, values);
  if (trust !== values.trust) change.trust = trust;
  return change;
}

/** Whether a connection to this host may not be saved as it is, since the provider takes TLS only (D1). */
export function refusesPlainText(provider: Provider | undefined, values: Pick<FormValues, "ssl">): boolean {
  return provider?.tlsRequired === true && !values.ssl;
}

function strength(mode: SslMode): number {
  return sslModes.indexOf(mode);
}

/** The trust of a fresh form gives way to the provider's; a CA that the person gave, or Mozilla's, stays. */
function trustFor(provider: Provider, values: FormValues): FormValues["trust"] {
  if (values.trust === "provider" && provider.rootsSource === "none")
    return provider.defaults.trust ?? newFormValues.trust;
  if (values.trust === newFormValues.trust) return provider.defaults.trust ?? values.trust;
  return values.trust;
}
