// Data: the fields of KubeletConfiguration v1beta1 in all versions of it, to tell a misspelt key from a known one.

/** Top-level fields, those of versions gone by included. */
export const configFields: ReadonlySet<string> = new Set(
  `apiVersion kind metadata address allowedUnsafeSysctls authentication authorization cgroupDriver cgroupRoot cgroupsPerQOS
  clusterDNS clusterDomain configMapAndSecretChangeDetectionStrategy configTrialDuration containerLogMaxFiles
  containerLogMaxSize containerLogMaxWorkers containerLogMonitorInterval containerRuntimeEndpoint contentType cpuCFSQuota
  cpuCFSQuotaPeriod cpuManagerPolicy cpuManagerPolicyOptions cpuManagerReconcilePeriod crashLoopBackOff
  draManagerReconcilePeriod enableCAdvisorJSONEndpoints enableContentionProfiling enableControllerAttachDetach
  enableDebugFlagsHandler enableDebuggingHandlers enableProfilingHandler enableServer enableSystemLogHandler
  enableSystemLogQuery enforceNodeAllocatable eventBurst eventRecordQPS evictionHard evictionMaxPodGracePeriod
  evictionMinimumReclaim evictionPressureTransitionPeriod evictionSoft evictionSoftGracePeriod failCgroupV1 failSwapOn
  featureGates fileCheckFrequency hairpinMode healthzBindAddress healthzPort httpCheckFrequency
  imageGCHighThresholdPercent imageGCLowThresholdPercent imageMaximumGCAge imageMinimumGCAge
  imagePullCredentialsVerificationPolicy imageServiceEndpoint iptablesDropBit iptablesMasqueradeBit
  kernelMemcgNotification kubeAPIBurst kubeAPIQPS kubeReserved kubeReservedCgroup kubeletCgroups
  localStorageCapacityIsolation logging makeIPTablesUtilChains maxOpenFiles maxParallelImagePulls maxPods
  memoryManagerPolicy memoryReservationPolicy memorySwap memoryThrottlingFactor mergeDefaultEvictionSettings
  nodeLeaseDurationSeconds nodeStatusMaxImages nodeStatusReportFrequency nodeStatusUpdateFrequency oomScoreAdj podCIDR
  podHousekeepingPeriod podLogsDir podPidsLimit podsPerCore port preloadedImagesVerificationAllowlist
  protectKernelDefaults providerID qosReserved readOnlyPort registerNode registerWithTaints registryBurst registryPullQPS
  reservedMemory reservedSystemCPUs resolvConf rotateCertificates runOnce runtimeRequestTimeout seccompDefault
  serializeImagePulls serverTLSBootstrap showHiddenMetricsForVersion shutdownGracePeriod
  shutdownGracePeriodByPodPriority shutdownGracePeriodCriticalPods singleProcessOOMKill staticPodPath staticPodURL
  staticPodURLHeader streamingConnectionIdleTimeout syncFrequency systemCgroups systemReserved systemReservedCgroup
  tlsCertFile tlsCipherSuites tlsCurvePreferences tlsMinVersion tlsPrivateKeyFile topologyManagerPolicy
  topologyManagerPolicyOptions topologyManagerScope tracing userNamespaces volumePluginDir volumeStatsAggPeriod`.split(
    /\s+/,
  ),
)

/** Fields of the two structures that decide who may ask the kubelet, by dotted path of the structure. */
export const nestedFields: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['authentication', new Set(['anonymous', 'webhook', 'x509'])],
  ['authentication.anonymous', new Set(['enabled'])],
  ['authentication.webhook', new Set(['enabled', 'cacheTTL'])],
  ['authentication.x509', new Set(['clientCAFile'])],
  ['authorization', new Set(['mode', 'webhook'])],
  ['authorization.webhook', new Set(['cacheAuthorizedTTL', 'cacheUnauthorizedTTL'])],
])
