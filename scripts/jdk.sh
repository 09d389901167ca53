# Sourced by the other scripts: finds a JDK 25 and Maven, or says in one line what is missing.
# Sets JAVA_HOME and the function `maven`.

find_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac || true)")")")" \
    /usr/lib/jvm/*25* "$HOME"/.sdkman/candidates/java/25* "$HOME"/.sdkman/candidates/java/current \
    "$HOME"/.jdks/*25* /opt/*jdk*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    [ -x "$candidate/bin/javac" ] || continue
    # Every JDK says in this file what it is; asking it would take as long as a small program.
    case "$(grep -s '^JAVA_VERSION=' "$candidate/release" || "$candidate/bin/javac" -version 2>&1)" in
      JAVA_VERSION=\"25[.\"]* | "javac 25"*) printf '%s\n' "$candidate"; return 0 ;;
    esac
  done
  return 1
}

if ! JAVA_HOME=$(find_jdk); then
  echo "Longshore needs a JDK 25 and found none: install one (Eclipse Temurin 25, for example) or set JAVA_HOME to it." >&2
  exit 69
fi
export JAVA_HOME

maven() {
  if ! command -v mvn >/dev/null; then
    echo "Longshore is built with Apache Maven 3.8 or newer and found no mvn on the PATH: install it (apt-get install maven, brew install maven)." >&2
    exit 69
  fi
  mvn -B -ntp "$@"
}
