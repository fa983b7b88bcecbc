namespace Kehrwerk.Conformance;

/// <summary>There is nothing to check, or it is not free for a check; the message says what to do.</summary>
public sealed class CannotCheckException(string message) : Exception(message);
