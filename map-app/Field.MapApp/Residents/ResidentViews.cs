using System.Globalization;
using Field.Geo.Tiles;
using Field.Ingest.Identity;
using Field.MapApp.Access;
using Field.Store.Audit;

namespace Field.MapApp.Residents;

/// <summary>
/// Who looked at single households, and where: in the audit log before they are shown. Tiles are written by the area of about 2 km (a tile of zoom 14)
/// that they lie in, once for a person in a quarter of an hour: moving over the town writes tens of lines and not thousands, and still tells
/// who saw which quarter, and when. Thread-safe.
/// </summary>
internal sealed class ResidentViews(SecurityAudit audit, TimeProvider time) : IDisposable
{
    /// <summary>From this zoom on single households are shown.</summary>
    public const int LeastZoom = 14;

    /// <summary>How long one line stands for a person and an area.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const string Action = "residents.view";
    private const int MostHeld = 10_000;
    private readonly Dictionary<(string Who, string Edition, int X, int Y), DateTimeOffset> seen = [];
    private readonly SemaphoreSlim writing = new(1, 1);

    /// <summary>A tile is about to be shown.</summary>
    /// <exception cref="FieldException">The log cannot be written: nothing is shown.</exception>
    public async Task TileAsync(HttpContext http, string edition, TileAddress tile)
    {
        int shift = tile.Zoom - LeastZoom;
        (string, string, int, int) key = ($"{http.AuditName()} {http.AuditFrom()}", edition, tile.X >> shift, tile.Y >> shift);
        await writing.WaitAsync(http.RequestAborted).ConfigureAwait(false);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            if (seen.TryGetValue(key, out DateTimeOffset until) && now < until)
            {
                return;
            }

            if (seen.Count >= MostHeld)
            {
                seen.Clear(); // more lines than needed, never fewer
            }

            await RecordAsync(http, edition, string.Create(CultureInfo.InvariantCulture, $"area {LeastZoom}/{key.Item3}/{key.Item4}")).ConfigureAwait(false);
            seen[key] = now + Window;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Households are about to be listed, or counts told that are not protected.</summary>
    /// <param name="http">Who.</param>
    /// <param name="edition">Of what.</param>
    /// <param name="what">Which, without a household's number or what is known of it.</param>
    public Task RecordAsync(HttpContext http, string edition, string what) => audit.RecordAsync(
        new AuditEntry(Action, http.AuditName(), edition, "done") { From = http.AuditFrom(), Detail = what }, http.RequestAborted);

    public void Dispose() => writing.Dispose();
}
