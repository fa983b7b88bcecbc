using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Kehrwerk.Web;

public static class VectorTiles
{
    /// <summary>Serves a map as <c>/tiles/{z}/{x}/{y}</c>. Browsers keep a tile and ask whether it still holds.</summary>
    /// <param name="version">Changes when the map does; no secret.</param>
    /// <param name="tile">The tile at zoom, column and row; empty where there is none. Must be thread-safe.</param>
    public static IEndpointConventionBuilder MapVectorTiles(this IEndpointRouteBuilder routes, string version, Func<int, int, int, byte[]> tile) =>
        routes.MapVectorTiles("/tiles", () => (version, tile));

    /// <summary>Serves a map that changes while it is served, as <c>path/{z}/{x}/{y}</c>.</summary>
    /// <param name="current">The map as it is now, and its version. Must be thread-safe.</param>
    public static IEndpointConventionBuilder MapVectorTiles(this IEndpointRouteBuilder routes, string path, Func<(string Version, Func<int, int, int, byte[]> Tile)> current) =>
        routes.MapGet(path + "/{z:int}/{x:int}/{y:int}", (HttpContext context, int z, int x, int y) =>
        {
            var (version, tile) = current();
            return Answer(context, new($"\"{Uri.EscapeDataString(version)}\""), () => tile(z, x, y));
        });

    private static Results<NoContent, StatusCodeHttpResult, FileContentHttpResult> Answer(HttpContext context, EntityTagHeaderValue tag, Func<byte[]> tile)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.GetTypedHeaders().ETag = tag;
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var bytes = tile();
        return bytes.Length == 0 ? TypedResults.NoContent() : TypedResults.File(bytes, "application/vnd.mapbox-vector-tile", entityTag: tag);
    }
}
