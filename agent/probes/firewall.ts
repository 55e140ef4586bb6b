// Probe of what firewall managers declare beside what the kernel filters now.
import { FirewallFacet } from '../../proto/facets/firewall.ts'
import { chainRows, isUfwLoaded, liveFacts } from '../firewall/live-facts.ts'
import { readExposures } from '../firewall/read-exposures.ts'
import { firewalldConf, readFirewalld } from '../firewall/read-firewalld.ts'
import { readLive } from '../firewall/read-live.ts'
import { readUfw, readUfwRules, ufwPaths } from '../firewall/read-ufw.ts'
import { ufwRuleFacts } from '../firewall/ufw-rule-facts.ts'
import { defineProbe, every, present, watch } from '../probe.ts'
import { isEnabledAtBoot } from '../unit-links.ts'

export const firewall = defineProbe({
  facet: FirewallFacet,
  triggers: [watch(ufwPaths.directory, ufwPaths.defaults, firewalldConf), every(60_000)],
  deadlineMs: 30_000,
  async run(host, context) {
    const { gaps } = context
    const ufw = await readUfw(host, gaps)
    const declared = await readUfwRules(host, gaps)
    const firewalld = await readFirewalld(host, gaps)
    const nftables = await isEnabledAtBoot(host, 'nftables')
    if (nftables.state !== 'present') gaps.note('nftablesAtBoot', 'omitted', nftables)
    const rules = await readLive(host, gaps)
    const loaded = rules && ufw ? isUfwLoaded(rules, gaps) : undefined
    const { ufwRules, ufwUndeclared } = ufwRuleFacts(declared, rules, ufw?.installed ?? true, gaps)
    const exposures = rules && (await readExposures(host, rules, context))
    const facts = {
      ...(ufw && { ufw: { ...ufw, ...(loaded !== undefined && { loaded }) } }),
      ufwRules: [...ufwRules],
      ...(ufwUndeclared && { ufwUndeclared: [...ufwUndeclared] }),
      ...(firewalld && { firewalld }),
      ...(nftables.state === 'present' && { nftablesAtBoot: nftables.value }),
      ...(rules && { live: liveFacts(rules, gaps), chains: [...chainRows(rules.seen, gaps)] }),
      ...(exposures && { exposures }),
    }
    const rulesTotal = rules?.seen.reduce((sum, { chain }) => sum + chain.rules.length, 0) ?? 0
    return present(facts, { rulesTotal })
  },
})
