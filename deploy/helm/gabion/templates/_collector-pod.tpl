{{- define "gabion.collectorPod" -}}
{{- $collector := .Values.collector }}
{{- $isReplicated := eq $collector.database.kind "postgres" -}}
metadata:
  labels:
    app.kubernetes.io/name: gabion-collector
    {{- include "gabion.labels" . | nindent 4 }}
spec:
  serviceAccountName: gabion-collector
  # It reviews the tokens that are shown to it and publishes its CA bundle.
  automountServiceAccountToken: true
  enableServiceLinks: false
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  nodeSelector:
    kubernetes.io/os: linux
  {{- if $isReplicated }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          app.kubernetes.io/name: gabion-collector
  {{- end }}
  terminationGracePeriodSeconds: 30
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    {{- if not $isReplicated }}
    # Else each start opens the database and the CA's key to the group.
    fsGroupChangePolicy: OnRootMismatch
    {{- end }}
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: collector
      image: {{ include "gabion.collectorImage" . }}
      imagePullPolicy: {{ $collector.image.pullPolicy }}
      args: [serve]
      env:
        {{- if $isReplicated }}
        - name: GABION_DATABASE
          valueFrom:
            secretKeyRef:
              name: {{ $collector.database.secret }}
              key: url
        - name: GABION_DATABASE_PASSWORD_FILE
          value: /var/run/secrets/gabion.io/database/password
        {{- else }}
        - name: GABION_DATABASE
          value: sqlite:/var/lib/gabion/collector/data/collector.db
        {{- end }}
        {{- if include "gabion.isBehindProxy" . }}
        - name: GABION_HTTP_BEHIND_PROXY
          value: "true"
        - name: GABION_HTTP_NAMES
          value: {{ .Values.ingress.enabled | ternary .Values.ingress.host .Values.gateway.host }}
        {{- end }}
        {{- if .Values.monitoring.enabled }}
        - name: GABION_METRICS_ADDRESS
          value: 0.0.0.0:9464
        {{- end }}
      ports:
        - name: http
          containerPort: 8080
        - name: agents
          containerPort: 50051
        - name: enrolled
          containerPort: 50052
        - name: exchange
          containerPort: 50053
        {{- if .Values.monitoring.enabled }}
        - name: metrics
          containerPort: 9464
        {{- end }}
      securityContext:
        privileged: false
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      readinessProbe:
        httpGet:
          path: /readyz
          port: http
          scheme: {{ (eq (include "gabion.isBehindProxy" .) "true") | ternary "HTTP" "HTTPS" }}
        periodSeconds: 15
        timeoutSeconds: 5
      livenessProbe:
        httpGet:
          path: /healthz
          port: http
          scheme: {{ (eq (include "gabion.isBehindProxy" .) "true") | ternary "HTTP" "HTTPS" }}
        initialDelaySeconds: 20
        periodSeconds: 60
        timeoutSeconds: 10
      resources:
        {{- toYaml $collector.resources | nindent 8 }}
      volumeMounts:
        - name: configuration
          mountPath: /etc/gabion
          readOnly: true
        # With PostgreSQL a directory that the runtime made for the mount below would be root's.
        - name: data
          mountPath: /var/lib/gabion/collector{{ if $isReplicated }}/data{{ end }}
        {{- if $isReplicated }}
        - name: database
          mountPath: /var/run/secrets/gabion.io/database
          readOnly: true
        - name: pki
          mountPath: /var/lib/gabion/collector/data/pki
          readOnly: true
        {{- end }}
        - name: temporary
          mountPath: /tmp
        {{- if $collector.clusters }}
        - name: clusters
          mountPath: /etc/gabion-clusters
          readOnly: true
        {{- end }}
        {{- if $collector.receiversSecret }}
        - name: receivers
          mountPath: /etc/gabion-receivers
          readOnly: true
        {{- end }}
  volumes:
    - name: configuration
      configMap:
        name: {{ include "gabion.configurationName" . }}
    {{- if $isReplicated }}
    - name: data
      emptyDir: {}
    - name: database
      secret:
        secretName: {{ $collector.database.secret }}
        # 0440
        defaultMode: 288
        items:
          - key: password
            path: password
    # One CA for all of them; gabion-collector ca create makes it.
    - name: pki
      secret:
        secretName: {{ $collector.database.pkiSecret }}
        # 0440
        defaultMode: 288
        items:
          - key: tls.crt
            path: ca.crt
          - key: tls.key
            path: ca.key
    {{- end }}
    - name: temporary
      emptyDir: {}
    {{- if $collector.clusters }}
    - name: clusters
      secret:
        secretName: {{ $collector.clustersSecret }}
        # 0440
        defaultMode: 288
    {{- end }}
    {{- if $collector.receiversSecret }}
    - name: receivers
      secret:
        secretName: {{ $collector.receiversSecret }}
        # 0440
        defaultMode: 288
    {{- end }}
{{- end }}
