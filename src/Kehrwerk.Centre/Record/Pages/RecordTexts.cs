namespace Kehrwerk.Centre.Record.Pages;

/// <summary>Names the texts of the record's pages: <c>RecordTexts.resx</c> (German) and <c>RecordTexts.en.resx</c>.</summary>
public sealed class RecordTexts;
