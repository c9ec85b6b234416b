#!/usr/bin/env bash
# Puts long-term metrics on a cluster, for those who do not know Ansible: chooses the inventory and calls its playbooks.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/deploy-prometheus.sh ENVIRONMENT [options] [-- options of ansible-playbook]

Puts Prometheus, Thanos, Alertmanager and their exporters on a cluster, or shows what that would do.

ENVIRONMENT
  sandbox             a cluster made on this machine, to try things
  local               one cluster on a laptop: kind, K3s, Docker Desktop
  cloud               a cluster with a bucket in S3; copy inventories/cloud and set its names first
  PATH                an inventory of your own

Options
  --context NAME      the cluster, by its context in the kubeconfig; needed but for the sandbox
  --kubeconfig PATH   the kubeconfig; otherwise KUBECONFIG, or ~/.kube/config
  --engine NAME       operator, standalone or helm; otherwise what the inventory says
  --do WHAT           deploy (apply, then prove that it works; the default), check (show what would change),
                      verify (the proofs alone), render (write manifests, no cluster needed), remove
  --yes               do not ask before something is changed on the cluster
  --help              this text

Examples
  scripts/deploy-prometheus.sh sandbox
  scripts/deploy-prometheus.sh local --context kind-kind --do check
  scripts/deploy-prometheus.sh inventories/production --context eu-1 --engine standalone
  scripts/deploy-prometheus.sh cloud --do render -- -e metrics_rendered_to="$PWD/rendered"
END
}

fail() {
  echo "deploy-prometheus.sh: $1" >&2
  echo "See scripts/deploy-prometheus.sh --help." >&2
  exit 2
}

# $(value_of OPTION [VALUE]): the value, which may not be missing.
value_of() {
  [[ $# -gt 1 && $2 != -* && -n $2 ]] || fail "$1 needs a value"
  echo "$2"
}

environment='' context='' engine='' action=deploy sure=no
kubeconfig=${KUBECONFIG:-$HOME/.kube/config}
further=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --help | -h) usage; exit ;;
    --context) context=$(value_of "$@"); shift ;;
    --kubeconfig) kubeconfig=$(value_of "$@"); shift ;;
    --engine) engine=$(value_of "$@"); shift ;;
    --do) action=$(value_of "$@"); shift ;;
    --yes) sure=yes ;;
    --) shift; further=("$@"); break ;;
    -*) fail "there is no option $1" ;;
    *)
      [[ -z $environment ]] || fail "$environment and $1 are two environments; name one"
      environment=$1
      ;;
  esac
  shift
done

[[ -n $environment ]] || fail 'name an environment: sandbox, local, cloud or the path of an inventory'
[[ $engine =~ ^(|operator|standalone|helm)$ ]] || fail "the engine $engine is none of operator, standalone, helm"

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case $environment in
  sandbox | local | cloud) inventory=$checkout/inventories/$environment ;;
  *) inventory=$environment ;;
esac
[[ -e $inventory ]] || fail "there is no inventory $inventory"
inventory=$(realpath "$inventory")

case $action in
  # Of what has just been put there, no block may be due yet.
  deploy)
    playbooks=(site.yml playbooks/verify.yml) changes=yes
    further=(--extra-vars=verify_not_due_allowed=true "${further[@]}")
    ;;
  check) playbooks=(site.yml) changes=no further=(--check --diff "${further[@]}") ;;
  verify) playbooks=(playbooks/verify.yml) changes=no ;;
  render) playbooks=(playbooks/render.yml) changes=no ;;
  remove) playbooks=(playbooks/teardown.yml) changes=yes ;;
  *) fail "--do $action is none of deploy, check, verify, render, remove" ;;
esac

options=("--inventory=$inventory")
[[ -z $engine ]] || options+=("--extra-vars=prometheus_engine=$engine")
if [[ $environment == sandbox ]]; then
  [[ -z $context ]] || fail 'the sandbox has its own kubeconfig and context; leave --context out'
  kubeconfig=/var/opt/longterm-metrics/default/kubeconfig context=lm-default
  [[ $action != deploy && $action != check ]] || make --no-print-directory -C "$checkout" cluster
elif [[ $action != render ]]; then
  # The current context may be anybody's cluster.
  [[ -n $context ]] || fail 'which cluster? name its --context (kubectl config get-contexts lists them)'
  [[ -r $kubeconfig ]] || fail "there is no kubeconfig $kubeconfig; name it by --kubeconfig"
fi
[[ $action == render ]] || options+=("--extra-vars=metrics_kubeconfig='$kubeconfig'" "--extra-vars=metrics_context='$context'")

if [[ $changes == yes && $sure == no && $environment != sandbox ]]; then
  [[ -t 0 ]] || fail "nobody is there to ask whether to $action on the cluster of context $context; say so by --yes"
  read -r -p "$action on the cluster of context $context in $kubeconfig? [y/N] " answer
  [[ $answer == [yY]* ]] || { echo 'Nothing was changed.' && exit 1; }
fi

# The virtual environment that make installs holds ansible-playbook at the versions this was tested with.
PATH=$(make --no-print-directory -C "$checkout" path | tail -n 1):$PATH
export PATH ANSIBLE_CONFIG=$checkout/ansible.cfg
# Which cluster is said above, and nowhere else.
unset "${!K8S_AUTH_@}"
for playbook in "${playbooks[@]}"; do
  ansible-playbook "$checkout/$playbook" "${options[@]}" "${further[@]}"
done
