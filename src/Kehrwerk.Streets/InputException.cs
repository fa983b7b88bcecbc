namespace Kehrwerk.Streets;

/// <summary>
/// Something that a person gave us (a file, a row, an option) cannot be used.
/// The message is shown to that person as it is: it names the place, says what is wrong there and what to do.
/// </summary>
/// <param name="place">File, line, field or option, as the person knows it.</param>
/// <param name="problem">What is wrong there, as a sentence without the final stop.</param>
/// <param name="remedy">What to do, as a sentence without the final stop.</param>
public sealed class InputException(string place, string problem, string remedy, Exception? inner = null)
    : Exception($"{place}: {problem}. {remedy}.", inner)
{
    public string Place { get; } = place;
    public string Problem { get; } = problem;
    public string Remedy { get; } = remedy;
}
