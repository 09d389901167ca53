package dev.longshore.worker.delivery;

import dev.longshore.webhook.SigningSecret;
import java.util.List;

/// A notice that is ready to be sent.
///
/// @param body the bytes of every try
/// @param secrets what this try is signed with
record Letter(Notice notice, byte[] body, List<SigningSecret> secrets) {}
