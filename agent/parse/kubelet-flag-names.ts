// Data: which command line flags kubelets of all versions know, and which of them take no separate value.

/** Boolean flags: `--name` alone means true, a following argument is not its value. */
export const booleanFlags: ReadonlySet<string> = new Set(
  `add-dir-header allow-privileged alsologtostderr anonymous-auth authentication-token-webhook babysit-daemons cgroups-per-qos
  configure-cbr0 containerized contention-profiling cpu-cfs-quota docker-disable-shared-pid docker-only docker-tls
  dynamic-config-dir-enabled enable-cadvisor-json-endpoints enable-controller-attach-detach enable-custom-metrics
  enable-debugging-handlers enable-load-reader enable-server exit-on-lock-contention
  experimental-allocatable-ignore-eviction experimental-check-node-capabilities-before-mount
  experimental-dockershim experimental-fail-swap-on experimental-kernel-memcg-notification fail-cgroupv1 fail-swap-on
  help keep-terminated-pod-volumes kernel-memcg-notification local-storage-capacity-isolation log-cadvisor-usage
  log-json-split-stream log-text-split-stream logtostderr make-iptables-util-chains one-output protect-kernel-defaults
  really-crash-for-testing reconcile-cidr redirect-container-streaming register-node register-schedulable
  require-kubeconfig rotate-certificates rotate-server-certificates runonce seccomp-default serialize-image-pulls
  skip-headers skip-log-headers storage-driver-secure version windows-service`.split(/\s+/),
)

/** Flags with a value: without `=` the following argument is the value, whatever it looks like. */
export const valueFlags: ReadonlySet<string> = new Set(
  `address allowed-unsafe-sysctls api-servers application-metrics-count-limit authentication-token-webhook-cache-ttl
  authorization-mode authorization-webhook-cache-authorized-ttl authorization-webhook-cache-unauthorized-ttl
  azure-container-registry-config bootstrap-checkpoint-path bootstrap-kubeconfig boot-id-file cadvisor-port cert-dir
  cgroup-driver cgroup-root chaos-chance client-ca-file cloud-config cloud-provider cluster-dns cluster-domain
  cni-bin-dir cni-cache-dir cni-conf-dir config config-dir container-hints container-log-max-files
  container-log-max-size container-runtime container-runtime-endpoint containerd containerd-namespace
  cpu-cfs-quota-period cpu-manager-policy cpu-manager-policy-options cpu-manager-reconcile-period
  default-not-ready-toleration-seconds docker docker-endpoint docker-env-metadata-whitelist docker-root docker-tls-ca
  docker-tls-cert docker-tls-key dynamic-config-dir enforce-node-allocatable event-burst event-qps
  event-storage-age-limit event-storage-event-limit eviction-hard eviction-max-pod-grace-period
  eviction-minimum-reclaim eviction-pressure-transition-period eviction-soft eviction-soft-grace-period
  experimental-bootstrap-kubeconfig experimental-cgroup-root experimental-mounter-path experimental-qos-reserved
  feature-gates file-check-frequency global-housekeeping-interval hairpin-mode healthz-bind-address healthz-port
  host-ipc-sources host-network-sources host-pid-sources hostname-override housekeeping-interval
  http-check-frequency image-credential-provider-bin-dir image-credential-provider-config image-gc-high-threshold
  image-gc-low-threshold image-pull-progress-deadline image-service-endpoint init-config-dir
  iptables-drop-bit iptables-masquerade-bit kube-api-burst kube-api-content-type kube-api-qps kube-reserved
  kube-reserved-cgroup kubeconfig kubelet-cgroups lock-file log-backtrace-at log-dir log-file log-file-max-size
  log-flush-frequency log-json-info-buffer-size log-text-info-buffer-size logging-format low-diskspace-threshold-mb
  machine-id-file manifest-url manifest-url-header master-service-namespace max-housekeeping-interval max-open-files
  max-pods maximum-dead-containers maximum-dead-containers-per-container memory-manager-policy
  minimum-container-ttl-duration minimum-image-ttl-duration network-plugin network-plugin-dir network-plugin-mtu
  node-ip node-labels node-status-max-images node-status-update-frequency non-masquerade-cidr oom-score-adj pod-cidr
  pod-infra-container-image pod-manifest-path pod-max-pids pods-per-core port provider-id qos-reserved read-only-port
  register-with-taints registry-burst registry-qps reserved-cpus reserved-memory resolv-conf resource-container
  rkt-api-endpoint rkt-path root-dir runtime-cgroups runtime-request-timeout seccomp-profile-root stderrthreshold
  storage-driver-buffer-duration storage-driver-db storage-driver-host storage-driver-password storage-driver-table
  storage-driver-user streaming-connection-idle-timeout sync-frequency system-cgroups system-container system-reserved
  system-reserved-cgroup tls-cert-file tls-cipher-suites tls-min-version tls-private-key-file topology-manager-policy
  topology-manager-policy-options topology-manager-scope v vmodule volume-plugin-dir volume-stats-agg-period`.split(
    /\s+/,
  ),
)
