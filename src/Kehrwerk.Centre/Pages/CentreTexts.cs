namespace Kehrwerk.Centre.Pages;

/// <summary>Names the texts of the Centre's pages: <c>CentreTexts.resx</c> (German) and <c>CentreTexts.en.resx</c>.</summary>
public sealed class CentreTexts;
