# Sourced by the shell sessions of the documentation's tests: ends servers with the shell, and waits for one.
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT

wait_until_ready() {
  local answer
  for _ in $(seq 400); do
    if { exec 9<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
      printf 'GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&9
      IFS= read -r answer <&9 || answer=''
      exec 9>&-
      [[ $answer == 'HTTP/1.1 200'* ]] && return 0
    fi
    sleep 0.05
  done
  echo 'the server does not answer:'
  cat server.log
  return 1
}
