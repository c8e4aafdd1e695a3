@sender
Feature: A sender: bodies and requests

  @rule:sender-corrupt-bodies @must
  Rule: A body that cannot be read is no server error
    Why: A 5xx makes a sender send the same body again, for days. A body that cannot be read is not
    better the next time.
    Inferred: a signature can be right though the body is broken, as when a sender has a fault of its own.
    Not documented: whether such a body is refused (400) or acknowledged and dropped.

    Scenario Outline: a webhook that <how> is accepted or refused, and the next one is accepted
      Given a Sender account
      And the next webhook <how>
      When event Acacia happens
      Then the last webhook is accepted or refused
      And no answer is a server error
      When event Beech happens
      Then the webhook of Beech is accepted

      Examples:
        | how                            |
        | arrives truncated              |
        | arrives with broken UTF-8      |
        | arrives with a byte order mark |
        | arrives compressed with gzip   |
        | arrives with a body of 500 kB  |

      @json-body
      Examples:
        | how                     |
        | arrives as invalid JSON |

  @rule:sender-request-forms @should
  Rule: The same request in another form is the same request
    Why: A sender's HTTP library may change, and a proxy on the way writes requests anew: another spelling of
    the content type, a body in chunks, an older version of HTTP. The webhook in it is the same.
    Inferred: HTTP says that these forms mean the same (RFC 9110 and RFC 9112). A server may refuse some
    of them (411 to chunks, 417 to Expect, 505 to HTTP/1.0); then it loses webhooks.
    Not documented: in which form a sender sends requests.
    Assumed: HTTP/1.1 with a Content-Length, and the content type that `standin senders` says, else application/json.

    Scenario Outline: a webhook that <form> is accepted
      Given a Sender account
      And every webhook <form>
      When event Chestnut happens
      Then every webhook is accepted

      Examples:
        | form                                    |
        | arrives in chunks                       |
        | arrives in HTTP/1.0                     |
        | arrives with header names in lower case |
        | arrives with header names in upper case |
        | waits for 100 Continue before its body  |
        | is sent slowly over 1 second            |

      @content-json
      Examples:
        | form                                                        |
        | arrives with content type "application/json; charset=utf-8" |
        | arrives with content type "application/json;charset=UTF-8"  |
        | arrives with content type "Application/JSON"                |

      @content-form
      Examples:
        | form                                                                         |
        | arrives with content type "application/x-www-form-urlencoded; charset=utf-8" |
        | arrives with content type "application/x-www-form-urlencoded;charset=UTF-8"  |
        | arrives with content type "Application/X-WWW-Form-Urlencoded"                |

      @content-cloudevents
      Examples:
        | form                                                                    |
        | arrives with content type "application/cloudevents+json; charset=utf-8" |
        | arrives with content type "application/cloudevents+json;charset=UTF-8"  |
