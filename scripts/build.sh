# Sourced by the other scripts after jdk.sh: builds what runs, if it is missing or older than what it is made of.

# Everything.
build_if_needed() {
  local jar missing=
  for jar in api-service/target/quarkus-app/quarkus-run.jar worker-service/target/quarkus-app/quarkus-run.jar \
    deploy/standalone/target/lib deploy/simulator/target/lib deploy/cli/target/lib; do
    [ -e "$LONGSHORE_HOME/$jar" ] || missing=$jar
  done
  if [ -z "$missing" ] && is_newer "$LONGSHORE_HOME/target/built" "$LONGSHORE_HOME"; then return 0; fi
  build built
}

# The command line alone, which is a small part and shall start fast.
build_cli_if_needed() {
  local stamp="$LONGSHORE_HOME/target/built-cli"
  # The last build of everything was one of this too.
  if [ "$LONGSHORE_HOME/target/built" -nt "$stamp" ]; then stamp="$LONGSHORE_HOME/target/built"; fi
  if [ -e "$LONGSHORE_HOME/deploy/cli/target/lib" ] \
    && is_newer "$stamp" "$LONGSHORE_HOME/pom.xml" "$LONGSHORE_HOME/deploy/cli" "$LONGSHORE_HOME/common/webhook"; then return 0; fi
  build built-cli -pl deploy/cli -am
}

# is_newer STAMP PLACE...: whether nothing at these places that programs are made of is newer than the stamp.
is_newer() {
  local stamp=$1
  shift
  [ -e "$stamp" ] && [ -z "$(find "$@" \( -name target -o -name test -o -name '.*' -not -path "$LONGSHORE_HOME" \) -prune \
    -o \( -name pom.xml -o -path '*/src/main/*' \) -type f -newer "$stamp" -print -quit)" ]
}

# build STAMP [OPTION...]: what is given goes to Maven. Its failure is no result of the program that was to run, so it is 69.
build() {
  local stamp="$LONGSHORE_HOME/target/$1"
  shift
  echo "Building Longshore; the first time Maven also downloads what it needs ..." >&2
  mkdir -p "$LONGSHORE_HOME/target"
  # Taken before the build: what changes while it runs makes the next one.
  touch "$stamp.begun"
  (cd "$LONGSHORE_HOME" && maven -q -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true package "$@" </dev/null) >&2 \
    || return 69
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
