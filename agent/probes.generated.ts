// Made by `npm run gen`. Do not edit.
import { accounts } from './probes/accounts.ts'
import { apparmor } from './probes/apparmor.ts'
import { audit } from './probes/audit.ts'
import { containerRuntime } from './probes/container-runtime.ts'
import { containers } from './probes/containers.ts'
import { controlPlane } from './probes/control-plane.ts'
import { files } from './probes/files.ts'
import { firewall } from './probes/firewall.ts'
import { host } from './probes/host.ts'
import { kernelModules } from './probes/kernel-modules.ts'
import { kubelet } from './probes/kubelet.ts'
import { packages } from './probes/packages.ts'
import { ports } from './probes/ports.ts'
import { seccomp } from './probes/seccomp.ts'
import { selinux } from './probes/selinux.ts'
import { services } from './probes/services.ts'
import { ssh } from './probes/ssh.ts'
import { sysctl } from './probes/sysctl.ts'
import type { Probe } from './probe.ts'

export const probes: readonly Probe[] = [
  accounts,
  apparmor,
  audit,
  containerRuntime,
  containers,
  controlPlane,
  files,
  firewall,
  host,
  kernelModules,
  kubelet,
  packages,
  ports,
  seccomp,
  selinux,
  services,
  ssh,
  sysctl,
]
