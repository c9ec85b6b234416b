{{- define "image" -}}
{{ .registry }}/{{ .repository }}:{{ .tag }}
{{- end }}

{{- define "restricted" -}}
{{ dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) | toJson }}
{{- end }}

{{- define "user" -}}
{{ dict "runAsNonRoot" true "runAsUser" 65534 "runAsGroup" 65534 "seccompProfile" (dict "type" "RuntimeDefault") | toJson }}
{{- end }}

{{- /* A disruption budget: name, selector, and the values of it. */ -}}
{{- define "budget" }}
{{- if .budget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
spec:
  minAvailable: {{ .budget.minAvailable }}
  selector:
    matchLabels: {{ toJson .selector }}
{{- end }}
{{- end }}
