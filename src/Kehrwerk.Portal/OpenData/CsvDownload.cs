using System.Globalization;
using System.Text;
using Kehrwerk.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kehrwerk.Portal.OpenData;

/// <summary>A whole collection as CSV (RFC 4180, UTF-8): its fields, and its geometry as GeoJSON.</summary>
internal static class CsvDownload
{
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
        await file.WriteAsync(Csv.Row(["id", .. collection.Fields.Select(f => f.Name), "geometry"]));
        var offset = 0;
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            // Page by page, so that a large city does not lie in memory as text.
            var page = collection.Find(new(null, null, OgcApi.MaxLimit, offset));
            foreach (var feature in page.Features)
            {
                await file.WriteAsync(Csv.Row([feature.Id, .. feature.Values.Select(v => DataFeature.Text(v, CultureInfo.InvariantCulture)), feature.Geometry ?? ""]));
            }

            offset += page.Features.Count;
            if (page.Features.Count == 0 || offset >= page.Matched)
            {
                return;
            }
        }
    }
}
