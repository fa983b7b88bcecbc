namespace Kehrwerk.Centre.Access.Pages;

/// <summary>Names the texts of the pages about people: <c>AccessTexts.resx</c> (German) and <c>AccessTexts.en.resx</c>.</summary>
public sealed class AccessTexts;
