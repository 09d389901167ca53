# Sourced by the other scripts after jdk.sh: builds what runs, if it is missing or older than what it is made of.

build_if_needed() {
  local stamp="$LONGSHORE_HOME/target/built" jar changed
  changed=
  for jar in api-service/target/quarkus-app/quarkus-run.jar worker-service/target/quarkus-app/quarkus-run.jar \
    deploy/standalone/target/lib deploy/simulator/target/lib; do
    [ -e "$LONGSHORE_HOME/$jar" ] || changed=$jar
  done
  if [ -z "$changed" ] && [ -e "$stamp" ]; then
    changed=$(find "$LONGSHORE_HOME" \( -name target -o -name test -o -name '.*' -not -path "$LONGSHORE_HOME" \) -prune \
      -o \( -name pom.xml -o -path '*/src/main/*' \) -type f -newer "$stamp" -print -quit)
    [ -n "$changed" ] || return 0
  fi
  echo "Building Longshore; the first time Maven also downloads what it needs ..." >&2
  mkdir -p "$LONGSHORE_HOME/target"
  # Taken before the build: what changes while it runs makes the next one.
  touch "$stamp.begun"
  (cd "$LONGSHORE_HOME" && maven -q -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true package </dev/null) >&2
  mv "$stamp.begun" "$stamp"
}

# Becomes the given main class of deploy/standalone, with the rest as its arguments.
exec_standalone() {
  local target="$LONGSHORE_HOME/deploy/standalone/target" main=$1
  shift
  exec "$JAVA_HOME/bin/java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
    -cp "$(ls "$target"/longshore-standalone-*.jar | head -n 1):$target/lib/*" \
    "dev.longshore.standalone.$main" --home "$LONGSHORE_HOME" "$@"
}
