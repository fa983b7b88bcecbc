using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kehrwerk.Portal.OpenData;

/// <summary>A whole collection as CSV (RFC 4180, UTF-8): its fields, and its geometry as GeoJSON.</summary>
internal static class CsvDownload
{
    private static readonly SearchValues<char> ToQuote = SearchValues.Create(",\"\r\n");

    public static PushStreamHttpResult Of(HttpContext context, DataLayer collection)
    {
        OgcApi.OpenToAll(context);
        var asOf = collection.AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        context.Response.Headers.Link = string.Join(", ", collection.Licences.Select(l => $"<{(l.Text.Length > 0 ? l.Text : l.Uri)}>; rel=\"license\""));
        return TypedResults.Stream(
            to => Write(to, collection, context.RequestAborted),
            "text/csv; charset=utf-8; header=present",
            $"{collection.Id}-{asOf}.csv",
            new DateTimeOffset(collection.AsOf.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
    }

    private static async Task Write(Stream to, DataLayer collection, CancellationToken stopping)
    {
        await using var file = new StreamWriter(to, new UTF8Encoding(false));
        await file.WriteAsync($"id,{string.Join(',', collection.Fields.Select(f => f.Name))},geometry\r\n");
        var offset = 0;
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            // Page by page, so that a large city does not lie in memory as text.
            var page = collection.Find(new(null, null, OgcApi.MaxLimit, offset));
            foreach (var feature in page.Features)
            {
                await file.WriteAsync($"{Quoted(feature.Id)},{string.Join(',', feature.Values.Select(v => Quoted(DataFeature.Text(v, CultureInfo.InvariantCulture))))},{Quoted(feature.Geometry ?? "")}\r\n");
            }

            offset += page.Features.Count;
            if (page.Features.Count == 0 || offset >= page.Matched)
            {
                return;
            }
        }
    }

    // A text that begins like a formula would be carried out by a spreadsheet.
    private static string Quoted(string text)
    {
        text = text is ['=' or '+' or '-' or '@', ..] && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "'" + text : text;
        return text.AsSpan().ContainsAny(ToQuote) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
