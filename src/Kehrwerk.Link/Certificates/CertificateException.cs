namespace Kehrwerk.Link.Certificates;

/// <summary>A certificate, key or list cannot be used or written. The message is for the person who gave it.</summary>
/// <param name="place">File or option.</param>
/// <param name="problem">What is wrong there, without the final stop.</param>
/// <param name="remedy">What to do, without the final stop.</param>
public sealed class CertificateException(string place, string problem, string remedy, Exception? inner = null)
    : Exception($"{place}: {problem}. {remedy}.", inner)
{
    public string Place { get; } = place;
    public string Problem { get; } = problem;
    public string Remedy { get; } = remedy;
}
