{{- define "gabion.labels" -}}
app.kubernetes.io/part-of: gabion
{{- end }}

{{- define "gabion.agentImage" -}}
{{ .Values.agent.image.repository }}:{{ .Values.agent.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "gabion.collectorImage" -}}
{{ .Values.collector.image.repository }}:{{ .Values.collector.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "gabion.service" -}}
gabion-collector.{{ .Release.Namespace }}.svc
{{- end }}

{{- /* Where the account is that the collector works with. */ -}}
{{- define "gabion.collectorNamespace" -}}
{{ .Values.agent.collectorAccount | ternary .Values.agent.namespace .Release.Namespace }}
{{- end }}

{{- define "gabion.isBehindProxy" -}}
{{- if or .Values.ingress.enabled .Values.gateway.enabled }}true{{ end }}
{{- end }}

{{- define "gabion.configuration" -}}
{{- $own := dict "name" "local" "serviceAccounts" (list (printf "%s:gabion-agent" .Values.agent.namespace)) "publishNamespace" .Values.agent.namespace }}
{{- if ne .Values.collector.policyReports "none" }}{{ $_ := set $own "policyReports" .Values.collector.policyReports }}{{ end }}
{{- $base := dict "dataDir" "/var/lib/gabion/collector/data" "grpcHost" "0.0.0.0" "httpHost" "0.0.0.0" }}
{{- $_ := set $base "advertise" (concat (list (include "gabion.service" .)) .Values.collector.advertise) }}
{{- $_ := set $base "kubernetes" (concat (list $own) .Values.collector.clusters) }}
{{- toYaml (mergeOverwrite $base (deepCopy .Values.collector.config)) }}
{{- end }}

{{- /* Another one when the configuration changes, and so new pods. */ -}}
{{- define "gabion.configurationName" -}}
gabion-collector-{{ include "gabion.configuration" . | sha256sum | trunc 10 }}
{{- end }}

{{- /* A profile as Kubernetes up to 1.29 is told it. */ -}}
{{- define "gabion.appArmorAnnotation" -}}
{{- if eq .type "Localhost" }}localhost/{{ .localhostProfile }}{{ else }}{{ eq .type "RuntimeDefault" | ternary "runtime/default" "unconfined" }}{{ end }}
{{- end }}
