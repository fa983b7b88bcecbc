namespace Kehrwerk.Centre.Pages;

/// <summary>Names the texts of cases: <c>CaseTexts.resx</c> (German) and <c>CaseTexts.en.resx</c>.</summary>
public sealed class CaseTexts;
