namespace Field.Gdal;

/// <summary>Pixels in memory: 8 bit per band, interleaved by pixel, rows from the top, no padding.</summary>
/// <param name="WidthPx">Columns, at least 1.</param>
/// <param name="HeightPx">Rows, at least 1.</param>
/// <param name="Bands">1 (gray), 3 (red, green, blue) or 4 (with alpha, PNG only).</param>
/// <param name="Pixels"><c>WidthPx * HeightPx * Bands</c> bytes; band b of pixel (x, y) is at <c>(y * WidthPx + x) * Bands + b</c>.</param>
public sealed record RasterImage(int WidthPx, int HeightPx, int Bands, byte[] Pixels);

/// <summary>A rectangle of pixels; x to the right and y down from the top left corner of the image.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="WidthPx">Columns, at least 1.</param>
/// <param name="HeightPx">Rows, at least 1.</param>
public readonly record struct PixelWindow(int X, int Y, int WidthPx, int HeightPx);

/// <summary>What the header of an image file says; the pixels were not decoded.</summary>
/// <param name="WidthPx">Columns as stored.</param>
/// <param name="HeightPx">Rows as stored.</param>
/// <param name="Bands">Bands as stored: 1 for gray or palette, 3 for RGB, 4 for RGBA or CMYK, more for multispectral.</param>
/// <param name="Driver">libgdal's short driver name: <c>JPEG</c>, <c>PNG</c> or <c>GTiff</c>.</param>
public sealed record RasterInfo(int WidthPx, int HeightPx, int Bands, string Driver);
