namespace Kehrwerk.Sweeper;

/// <summary>A log that is to be stored for <c>logReport</c>.</summary>
/// <param name="Name">Its file's name; the result of the action once it is stored.</param>
public sealed record LogFile(string Name, string Text);
