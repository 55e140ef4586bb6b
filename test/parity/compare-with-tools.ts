// Holds a whole machine's facets against what the tools of that very machine printed.
import { compareAppArmor } from './confinement.ts'
import { compareMounts } from './files.ts'
import { compareKernelModules, compareSysctl } from './kernel.ts'
import { compareFirewall, comparePorts } from './network.ts'
import { compareAccounts } from './people.ts'
import type { Comparison, Recording } from './recording.ts'
import { compareAudit, compareHost, comparePackages, compareServices, compareSsh } from './services.ts'

/** Everything but the walk of the file systems, which only a machine itself can do. */
export function compareWithTools(recording: Recording): readonly Comparison[] {
  return [
    ...comparePorts(recording),
    ...compareFirewall(recording),
    ...compareKernelModules(recording),
    ...compareSysctl(recording),
    ...compareAccounts(recording),
    ...compareAppArmor(recording),
    ...compareMounts(recording),
    ...compareSsh(recording),
    ...compareServices(recording),
    ...(recording.has('auditctl-rules') ? compareAudit(recording) : []),
    ...comparePackages(recording),
    ...compareHost(recording),
  ]
}
