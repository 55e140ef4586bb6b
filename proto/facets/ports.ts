// Facet `ports`: every socket that waits for somebody, and who holds it; of Unix sockets those that give power.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

const HolderSchema = z.object({
  process: z.string().describe('comm of /proc/PID'),
  executable: z.string().describe('target of /proc/PID/exe, empty where the link is not given (kernel threads)'),
  uid: z.int().describe('effective user id of /proc/PID/status'),
  user: z.string().describe('name of that uid in the host’s passwd, empty when it has none'),
  unit: z.string().describe('systemd unit of the process’s cgroup, empty when it has none'),
  container: z.string().describe('container id of the cgroup, empty for host processes'),
  podUid: z.string().describe('Kubernetes pod uid of the cgroup, empty outside pods'),
})
export type Holder = z.infer<typeof HolderSchema>

export const ListenerSchema = z.object({
  protocol: z.enum(['tcp', 'udp', 'raw', 'sctp']).describe('transport'),
  family: z.enum(['ipv4', 'ipv6']).describe('address family of the socket'),
  address: z.string().describe('bound address in its shortest text form; 0.0.0.0 and :: mean any'),
  port: z.int().describe('bound port; the protocol number for raw sockets'),
  scope: z.enum(['loopback', 'link', 'any', 'specific']).describe('from where the address can be reached'),
  dualStack: z.boolean().describe('an IPv6 `any` socket that also serves IPv4 (net.ipv6.bindv6only is 0)'),
  service: z.string().describe('name of the port in /etc/services, empty when it has none'),
  holders: keyed(HolderSchema, ['process', 'executable', 'uid', 'unit', 'container', 'podUid'])
    .optional()
    .describe('processes that hold the socket; left out when file descriptors could not be read'),
})
export type Listener = z.infer<typeof ListenerSchema>

export const UnixSocketSchema = z.object({
  path: z.string().describe('path without symbolic links; @NAME for one without a file, ending in * for several'),
  kind: z
    .enum([
      'docker',
      'containerd',
      'cri-o',
      'podman',
      'cri-dockerd',
      'buildkit',
      'nri',
      'lxd',
      'libvirt',
      'kubelet',
      'kine',
      'cilium',
      'detection',
      'containerd-shim',
    ])
    .describe('whose it is, by its path; kine: the datastore of k3s; detection: Falco or Tetragon'),
  state: z
    .enum(['present', 'absent', 'unreadable', 'abstract'])
    .describe('its file; absent: removed, or of another mount namespace; abstract: it has none'),
  mode: z.string().describe('octal permission bits of its file such as 0660, empty without one'),
  uid: z.int().describe('owner of its file, -1 without one'),
  gid: z.int().describe('group of its file, -1 without one'),
  access: sortedSet(z.string())
    .optional()
    .describe('who besides root may connect or put another in its place: everyone, or `group NAME` and `user NAME`'),
  holders: keyed(HolderSchema, ['process', 'executable', 'uid', 'unit', 'container', 'podUid'])
    .optional()
    .describe('processes that listen; left out when file descriptors could not be read'),
})
export type UnixSocket = z.infer<typeof UnixSocketSchema>

export const PortsFacet = defineFacet({
  name: 'ports',
  version: 2,
  title: 'Sockets of the host’s network namespace that wait: TCP, UDP, raw and SCTP, and Unix sockets of note',
  facts: {
    listeners: keyed(ListenerSchema, ['protocol', 'family', 'address', 'port']).describe(
      '/proc/1/net/{tcp,tcp6,udp,udp6,raw,raw6,sctp/eps} joined with /proc/*/fd; client UDP sockets left out',
    ),
    localPortRange: z
      .object({ low: z.int().describe('first port'), high: z.int().describe('last port') })
      .optional()
      .describe('/proc/sys/net/ipv4/ip_local_port_range'),
    unixSockets: keyed(UnixSocketSchema, ['path']).describe(
      '/proc/1/net/unix: listening sockets that give power over the host or its containers',
    ),
    bindV6Only: z.boolean().optional().describe('/proc/sys/net/ipv6/bindv6only'),
  },
  observations: {
    sockets: keyed(
      z.object({
        inode: z.int().describe('socket inode'),
        protocol: z.string().describe('transport'),
        address: z.string().describe('bound address'),
        port: z.int().describe('bound port'),
        pids: sortedSet(z.int()).describe('processes that hold it now'),
      }),
      ['inode', 'protocol', 'address', 'port'],
    ).describe('the same sockets with inodes and process ids, which change by themselves'),
    ephemeralUdp: z.int().describe('UDP sockets in the local port range that were seen in one sweep only'),
  },
})
export type PortsFacts = FactsOf<typeof PortsFacet>
export type PortsObservations = ObservationsOf<typeof PortsFacet>
