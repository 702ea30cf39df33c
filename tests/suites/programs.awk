# Reads the log of `ctest --verbose`: output lines carry the number of their program, "12: text", a result is
# "3/7 Test #12: name ...   Passed    0.52 sec". Understands the console summaries of Catch2 2 and 3.

match($0, /^ *[0-9]+: /) {
  number = substr($0, 1, RLENGTH) + 0
  text = substr($0, RLENGTH + 1)
  if (text ~ /^(Test command|Working Directory|Test timeout computed)/) next
  output[number] = output[number] "    " text "\n"
  note_failure(number, text)
  count(number, text)
  next
}

match($0, /Test +#[0-9]+: [^ ]+/) {
  split(substr($0, RSTART, RLENGTH), word, /#|: /)
  number = word[2] + 0
  name = word[3]
  took = $(NF - 1)
  if (!counted[number]) {
    if ($0 ~ /Passed/) passed[number] = 1
    else if ($0 ~ /Skipped/) skipped[number] = 1
  }
  if ($0 !~ /Passed|Skipped/ && !failed[number]) {
    failed[number] = 1
    result = $0
    sub(/^.*\.\.+ *\**/, "", result)
    names[number] = names[number] "    FAILED  " name " as a whole: " result "\n"
  }
  report(number, name, took)
}

END {
  print total_passed + 0 " passed, " total_failed + 0 " failed, " total_skipped + 0 " skipped"
  if (total_passed + total_failed + total_skipped == 0) exit 1  # no test ran: that is a failure, too
}

# "All tests passed (9 assertions in 3 test cases)" or "test cases: 4 | 2 passed | 1 failed | 1 skipped".
function count(number, text,    part, parts, i) {
  if (text ~ /^All tests passed \(/) {
    match(text, /in [0-9]+ test case/)
    passed[number] += substr(text, RSTART + 3) + 0
    counted[number] = 1
  } else if (text ~ /^test cases: /) {
    parts = split(text, part, "|")
    for (i = 2; i <= parts; ++i) {
      if (part[i] ~ /passed/) passed[number] += part[i] + 0
      else if (part[i] ~ /failed as expected/) passed[number] += part[i] + 0
      else if (part[i] ~ /failed/) failed[number] += part[i] + 0
      else if (part[i] ~ /skipped/) skipped[number] += part[i] + 0
    }
    counted[number] = 1
  }
}

# A test case's header is: dashes, its name, its sections, dashes, file:line.
function note_failure(number, text) {
  if (text ~ /^-+$/ && length(text) == 79) {
    header[number] = !header[number]
    fresh[number] = header[number]
  } else if (fresh[number]) {
    current[number] = text
    fresh[number] = 0
  } else if (text ~ /FAILED:$/ && !seen[number, current[number]]++) {
    names[number] = names[number] "    FAILED  " current[number] "\n"
  }
}

function report(number, name, took,    line) {
  line = sprintf("   %-14s %4d passed", name, passed[number])
  if (failed[number]) line = line sprintf(", %d failed", failed[number])
  if (skipped[number]) line = line sprintf(", %d skipped", skipped[number])
  print line "   (" took " s)"
  if (failed[number]) printf "%s%s", output[number], names[number]
  total_passed += passed[number]
  total_failed += failed[number]
  total_skipped += skipped[number]
}
