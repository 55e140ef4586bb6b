// Takes the endings that Kubernetes and Docker generate off names, so that a restarted container keeps its name.

/** Letters that Kubernetes uses in generated names: no vowels, no 0, 1 or 3. */
const safe = 'bcdfghjklmnpqrstvwxz2456789'
const random = new RegExp(`-[${safe}]{5}$`)
/** Hash of a pod template in the name of a ReplicaSet. */
const templateHash = new RegExp(`-[${safe}]{8,10}$`)
/** Minutes since the epoch in the name of a CronJob's Job. */
const scheduled = /-\d{8}$/

/** `web-7d4b9c6f5d-x2k9p` → `web`, `kube-proxy-x2k9p` → `kube-proxy`, `backup-28391234-x2k9p` → `backup`. */
export function podWorkload(pod: string): string {
  const owner = pod.replace(random, '')
  if (owner === pod || owner === '') return pod
  return owner.replace(templateHash, '').replace(scheduled, '') || owner
}

/** Docker makes `adjective_surname`, with a digit behind it when that is taken. */
export function isGeneratedDockerName(name: string): boolean {
  return /^[a-z]{3,20}_[a-z]{3,20}\d?$/.test(name)
}
