module longterm.metrics/sandbox/webhook

go 1.27.0

tool longterm.metrics/sandbox/webhook
