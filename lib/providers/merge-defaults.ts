import {
  type ChannelBinding,
  channelBindings,
  type FormChange,
  type FormValues,
  type SslMode,
  sslModes,
} from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { Provider } from "./list.ts";
import { type GivenRoots, noGivenRoots, rootsKind } from "./roots-kind.ts";

/**
 * What the form changes when its host is recognised: empty fields get the provider's defaults, and TLS is only
 * ever raised. A value that the person chose stays, unless it is weaker than the provider's (D1, D2, H1).
 *
 * The recommended mode is set where there are roots to verify with. Where they must be brought first (Supabase's,
 * say), a weaker choice is raised to Require only: a paste that connected before must not ask for a file.
 * @param given the roots that people gave in Settings → Trust
 * @returns only what differs from `values`; empty when nothing does
 */
export function providerChange(
  provider: Provider,
  values: FormValues,
  given: GivenRoots = noGivenRoots,
): FormChange {
  const { defaults } = provider;
  const change: FormChange = {};

  for (const field of ["port", "database", "user"] as const) {
    const known = defaults[field];
    if (known !== undefined && isFresh(field, values[field]) && known !== values[field])
      change[field] = known;
  }
  if (!values.ssl && (provider.tlsRequired || defaults.ssl === true)) change.ssl = true;
  if (!values.sni && defaults.sni === true) change.sni = true;

  const trust = trustFor(provider, values, given);
  if (trust !== values.trust) change.trust = trust;
  const mode = modeFor(provider, { ...values, trust }, given);
  if (mode !== values.mode) change.mode = mode;

  if (values.signIn === newFormValues.signIn && values.password === "" && defaults.signIn !== undefined)
    change.signIn = defaults.signIn;
  if (values.negotiation === newFormValues.negotiation && defaults.negotiation === "direct")
    change.negotiation = "direct";
  const binding = defaults.channelBinding;
  if (binding !== undefined && values.signIn === "password" && bound(values.channelBinding) < bound(binding))
    change.channelBinding = binding;
  return change;
}

/** Whether a connection to this host may not be saved as it is, since the provider takes TLS only (D1). */
export function refusesPlainText(provider: Provider | undefined, values: Pick<FormValues, "ssl">): boolean {
  return provider?.tlsRequired === true && !values.ssl;
}

/** Empty, or the port that a new form begins with: nobody chose it. */
function isFresh(field: "port" | "database" | "user", value: string): boolean {
  return value.trim() === "" || (field === "port" && value.trim() === newFormValues.port);
}

function strength(mode: SslMode): number {
  return sslModes.indexOf(mode);
}

function bound(binding: ChannelBinding): number {
  return channelBindings.indexOf(binding);
}

function modeFor(provider: Provider, values: FormValues, given: GivenRoots): FormValues["mode"] {
  const recommended = provider.defaults.mode;
  if (recommended === undefined) return values.mode;
  const least = hasRoots(provider, values, given) ? recommended : "require";
  return strength(values.mode) < strength(least) ? least : values.mode;
}

function hasRoots(provider: Provider, { trust, ca, host }: FormValues, given: GivenRoots): boolean {
  if (trust === "own") return ca.trim() !== "";
  return trust !== "provider" || rootsKind(provider, host, given) !== "none";
}

/** The trust of a fresh form gives way to the provider's; a CA that the person gave, or Mozilla's, stays. */
function trustFor(provider: Provider, values: FormValues, given: GivenRoots): FormValues["trust"] {
  const hasNone = rootsKind(provider, values.host, given) === "none";
  const isGiven = !hasNone && (provider.rootsSource === "none" || provider.rootsMissing?.test(values.host));
  const wanted = isGiven ? "provider" : provider.defaults.trust;
  const known = hasNone && wanted === "provider" ? "own" : wanted;
  if (values.trust === "provider" && hasNone) return known ?? newFormValues.trust;
  return values.trust === newFormValues.trust ? (known ?? values.trust) : values.trust;
}
