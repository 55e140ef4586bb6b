// Runs the firewall probe on the recorded machine or on a little host, and reads what it says.
import { firewall } from '../../../agent/probes/firewall.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { FirewallFacet } from '../../../proto/facets/firewall.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

export const factsOf = (state: FacetState) => FirewallFacet.facts.parse(presentFacts(state))

/** What the probe says of the recorded machine. */
export const recorded = async () => factsOf(await runProbe(firewall, await openFixtureHost('debian12-vm')))

/** Files of a ufw that is on, with one rule. */
export const ufwFiles = {
  '/etc/ufw/ufw.conf': 'ENABLED=yes\nLOGLEVEL=low\n',
  '/etc/default/ufw':
    'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\nDEFAULT_FORWARD_POLICY="REJECT"\n',
  '/etc/ufw/user.rules': '### tuple ### allow tcp 22 0.0.0.0/0 any 10.0.0.1 in\n',
  '/etc/ufw/user6.rules': '',
}
/** A kernel without any rule, as nft shows it. */
export const emptyNft = { 'nft -j list ruleset': { stdout: '{"nftables": [{"metainfo": {"version": "1.0.6"}}]}' } }

/** What the probe says of a little host, and its gaps as text. */
export async function factsFrom(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost) {
  const files = { '/proc/1/net/tcp': '', '/proc/sys/net/ipv4/ip_local_port_range': '32768 60999\n', ...fixture.files }
  const facts = factsOf(await runProbe(firewall, await hostFrom(t, { ...fixture, files })))
  return {
    ...facts,
    // What reaches a port is told with the rules, or not: a test of its own holds that.
    gapRows: facts.gaps
      .filter(({ field }) => field !== 'exposures')
      .map(({ field, effect, source, state }) => `${field} ${effect} ${source} ${state}`),
  }
}
