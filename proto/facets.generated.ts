// Made by `npm run gen`. Do not edit.
import type { Facet } from './facet.ts'
import { AccountsFacet } from './facets/accounts.ts'
import { AppArmorFacet } from './facets/apparmor.ts'
import { AuditFacet } from './facets/audit.ts'
import { ContainerRuntimeFacet } from './facets/container-runtime.ts'
import { ContainersFacet } from './facets/containers.ts'
import { ControlPlaneFacet } from './facets/control-plane.ts'
import { FilesFacet } from './facets/files.ts'
import { FirewallFacet } from './facets/firewall.ts'
import { HostFacet } from './facets/host.ts'
import { KernelModulesFacet } from './facets/kernel-modules.ts'
import { KubeletFacet } from './facets/kubelet.ts'
import { PackagesFacet } from './facets/packages.ts'
import { PortsFacet } from './facets/ports.ts'
import { SeccompFacet } from './facets/seccomp.ts'
import { SelinuxFacet } from './facets/selinux.ts'
import { ServicesFacet } from './facets/services.ts'
import { SshFacet } from './facets/ssh.ts'
import { SysctlFacet } from './facets/sysctl.ts'

export const facets: readonly Facet[] = [
  AccountsFacet,
  AppArmorFacet,
  AuditFacet,
  ContainerRuntimeFacet,
  ContainersFacet,
  ControlPlaneFacet,
  FilesFacet,
  FirewallFacet,
  HostFacet,
  KernelModulesFacet,
  KubeletFacet,
  PackagesFacet,
  PortsFacet,
  SeccompFacet,
  SelinuxFacet,
  ServicesFacet,
  SshFacet,
  SysctlFacet,
]
