# Finds a JDK of at least the release Formwork is written for, and exports it as JAVA_HOME.
# Sourced by ./mvnw and ./formwork; plain POSIX sh; returns 1 with a message where there is none.
#
# Order: JAVA_HOME, the java on the PATH, then the usual places; of those the lowest release that is high enough. The
# `release` file inside each JDK says what it is, so no JVM is started to find out.

formwork_jdk_wanted=25

# Prints the feature release ("25") of the JDK at $1; fails where $1 is no JDK.
formwork_jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r formwork_key formwork_value; do
    if [ "$formwork_key" = JAVA_VERSION ]; then
      formwork_value="${formwork_value#\"}"
      formwork_value="${formwork_value%%[!0-9]*}"
      [ -n "$formwork_value" ] || return 1
      printf '%s\n' "$formwork_value"
      return 0
    fi
  done <"$1/release"
  return 1
}

formwork_find_jdk() {
  if [ -n "${JAVA_HOME-}" ]; then
    formwork_found="$(formwork_jdk_release "$JAVA_HOME")" && [ "$formwork_found" -ge "$formwork_jdk_wanted" ] && return 0
  fi
  formwork_best='' formwork_best_release=999999
  formwork_on_path="$(command -v javac 2>/dev/null)" && formwork_on_path="$(readlink -f "$formwork_on_path" 2>/dev/null)"
  formwork_mac=''
  [ ! -x /usr/libexec/java_home ] ||
    formwork_mac="$(/usr/libexec/java_home -v "$formwork_jdk_wanted+" 2>/dev/null)" || formwork_mac=''
  for formwork_candidate in "${formwork_on_path%/bin/javac}" "$formwork_mac" /usr/lib/jvm/* /opt/* /usr/local/lib/jvm/* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$formwork_candidate" ] || continue
    formwork_found="$(formwork_jdk_release "$formwork_candidate")" || continue
    if [ "$formwork_found" -ge "$formwork_jdk_wanted" ] && [ "$formwork_found" -lt "$formwork_best_release" ]; then
      formwork_best="$formwork_candidate" formwork_best_release="$formwork_found"
    fi
  done
  if [ -z "$formwork_best" ]; then
    echo "Formwork needs a JDK $formwork_jdk_wanted or newer, and found none in JAVA_HOME, on the PATH, in /usr/lib/jvm," \
      "/opt, ~/.sdkman or ~/.jdks. Install one (https://adoptium.net) or set JAVA_HOME." >&2
    return 1
  fi
  JAVA_HOME="$formwork_best"
}

formwork_find_jdk || return 1
export JAVA_HOME
