using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Field.Geo.Routes.Export;

/// <summary>
/// A flight as DJI's route file: a KMZ with <c>wpmz/template.kml</c>, which Pilot 2 and FlightHub 2 show and edit, and
/// <c>wpmz/waylines.wpml</c>, which the aircraft flies. Elements and their order as DJI publishes them for WPML (DJI Cloud API, "DJI WPML").
/// Heights are relative to the take-off point.
/// </summary>
public static class WpmlExport
{
    /// <summary>The format's namespace.</summary>
    public const string Namespace = "http://www.dji.com/wpmz/1.0.6";

    internal const string KmlNamespace = "http://www.opengis.net/kml/2.2";

    // The same plan gives the same bytes.
    private static readonly DateTimeOffset ZipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The KMZ file of a flight.</summary>
    /// <param name="plan">The plan that the flight is part of.</param>
    /// <param name="flight">The flight.</param>
    /// <param name="createdAt">Written into the template.</param>
    /// <exception cref="ArgumentException">The camera's aircraft flies no WPML routes.</exception>
    public static byte[] Kmz(RoutePlan plan, RouteFlight flight, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(flight);
        if (plan.Request.Camera.Wpml is not { } aircraft)
        {
            throw new ArgumentException($"the aircraft of {plan.Request.Camera.Name} flies no WPML routes", nameof(plan));
        }

        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            Entry(zip, "wpmz/template.kml", writer => new WpmlDocument(writer, plan.Request, flight, aircraft).Template(createdAt));
            Entry(zip, "wpmz/waylines.wpml", writer => new WpmlDocument(writer, plan.Request, flight, aircraft).Waylines());
        }

        return buffer.ToArray();
    }

    private static void Entry(ZipArchive zip, string name, Action<XmlWriter> write)
    {
        var entry = zip.CreateEntry(name);
        entry.LastWriteTime = ZipEpoch;
        using var stream = entry.Open();
        using var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true });
        write(writer);
    }

    internal static string Number(double value, string format = "0.###") => value.ToString(format, CultureInfo.InvariantCulture);
}
