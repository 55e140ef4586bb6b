// Tells the version of a program from the tag of its container image.

/**
 * `registry.k8s.io/kube-apiserver:v1.30.2` → 1.30.2, `etcd:3.5.15-0` → 3.5.15,
 * `rancher/hardened-kubernetes:v1.30.1-rke2r1-build20240515` → 1.30.1; undefined for a digest or another tag.
 */
export function imageVersion(image: string): string | undefined {
  const tag = /:([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/.exec(image.replace(/@sha256:[0-9a-f]{64}$/, ''))?.[1]
  return /^v?(\d{1,3}\.\d{1,3}\.\d{1,3})(?=$|[-_+])/.exec(tag ?? '')?.[1]
}
