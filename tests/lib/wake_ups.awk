# SPDX-License-Identifier: Apache-2.0
#
# Counts how often a login wakes up between its requests, in what strace -f wrote of all its system calls: every return
# from a call that may block, from the prompt on until the token, behind the last bytes of one reply and before the next
# request. What a request itself waits for is not counted, nor what a signal ends.
# Prints that, and the number of those requests.

/--- SIG/ || / write\(1.*"Logged in/ { exit }
/ write\(1[<,]/ { is_prompted = is_answered = 1; waits = 0 }
!is_prompted { next }

/ (recvfrom|recvmsg)\(.* = [1-9]/ { is_answered = 1; waits = 0 }
/ (sendto|sendmsg)\(/ && is_answered { count += waits; requests++; is_answered = 0 }

/ poll\(.*, 0( <unfinished|\))/ { next }
/ epoll_p?wait2?\(.*, 0(,|\)| <unfinished)/ { next }
/ ((p?poll|p?select6?|epoll_p?wait2?|(clock_)?nanosleep|pause|rt_sigtimedwait|io_getevents|read)\(|futex\([^)]*WAIT)/ { waits++ }

END { print count + 0, requests + 0 }
