#!/bin/bash
set -euo pipefail
umask 077
work=$(mktemp -d "$PWD/XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() { echo "$*" >&2; exit 1; }

# Values go into an openssl configuration below: nothing that has a meaning there gets through.
[[ $INPUT_COMMON_NAME =~ ^[A-Za-z0-9][A-Za-z0-9\ ._:@-]{0,63}$ ]] || fail "common_name: not a plain name"

# Prints the items of a JSON list of plain words, one a line, each once. Needs no JSON parser on the machine.
items() {
  local list=${1//[[:space:]]/} word='"[A-Za-z0-9*:][A-Za-z0-9.:*_-]*"'
  [[ $list =~ ^\[($word(,$word)*)?\]$ ]] || return 1
  tr -d '[]"' <<<"$list" | tr ',' '\n' | awk 'NF && !seen[$0]++'
}
addresses=$(items "$INPUT_ADDRESSES") || fail "addresses: not a list of addresses and names: $INPUT_ADDRESSES"
usages=$(items "$INPUT_USAGES") || fail "usages: not a list of words: $INPUT_USAGES"

extended=${usages//$'\n'/Auth,}Auth
cat >issue.cnf <<CNF
[req]
prompt = no
distinguished_name = subject
[subject]
CN = $INPUT_COMMON_NAME
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
default_md = sha256
policy = policy
rand_serial = yes
[policy]
commonName = supplied
[extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = $extended
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
${addresses:+subjectAltName = @names
[names]}
CNF
n=0
while read -r address; do
  n=$((n + 1))
  case $address in
    '') ;;
    *:*) echo "IP.$n = $address" ;;
    *[!0-9.]*) echo "DNS.$n = $address" ;;
    *) echo "IP.$n = $address" ;;
  esac
done <<<"$addresses" >>issue.cnf
: >index.txt
printf '%s\n' "$INPUT_CA_CERTIFICATE" >ca.pem
printf '%s\n' "$INPUT_CA_KEY" >ca-key.pem

# Valid from an hour ago: a machine that has just booted may have its clock behind.
now=$(date +%s)
from=$(date -u -d "@$((now - 3600))" +%Y%m%d%H%M%SZ)
to=$(date -u -d "@$((now + INPUT_DAYS * 86400))" +%Y%m%d%H%M%SZ)

openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out key.pem
openssl req -new -config issue.cnf -key key.pem -out request.pem
openssl ca -batch -notext -config issue.cnf -in request.pem -cert ca.pem -keyfile ca-key.pem -out certificate.pem \
  -startdate "$from" -enddate "$to" -extensions extensions
openssl verify -CAfile ca.pem certificate.pem

cp certificate.pem "$FORMWORK_OUTPUTS/certificate"
cp key.pem "$FORMWORK_OUTPUTS/key"
openssl x509 -in certificate.pem -noout -subject -enddate -ext subjectAltName,extendedKeyUsage
