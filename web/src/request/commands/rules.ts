import type { Schemas } from '../../api/client'

type Detail = Schemas['RequestDetail']
type Regime = Schemas['PrivacyRegime']

/** The version of the law that a request is under. */
export function versionOf(detail: Detail, versions: Regime[] | undefined): Regime | undefined {
  return versions?.find((v) => v.version === detail.regime_version) ?? versions?.[0]
}

function dutiesOf(detail: Detail, regime: Regime | undefined) {
  const rule = regime?.rights[detail.right]
  return rule && regime?.duties[rule.duties]
}

export function extensionOf(detail: Detail, regime: Regime | undefined) {
  return dutiesOf(detail, regime)?.extension
}

export function pausesOf(detail: Detail, regime: Regime | undefined) {
  return dutiesOf(detail, regime)?.pauses ?? []
}

export function openPauses(detail: Detail) {
  return (detail.pauses ?? []).filter((p) => !p.until)
}

/** The grounds on which the law lets this request be refused. */
export function groundsOf(detail: Detail, regime: Regime | undefined) {
  return (regime?.refusals ?? []).filter((r) => !r.rights || r.rights.length === 0 || r.rights.includes(detail.right))
}
