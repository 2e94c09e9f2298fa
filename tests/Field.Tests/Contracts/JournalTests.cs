using System.Text;
using Field.Contracts;

namespace Field.Tests.Contracts;

public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("field-journal").FullName;

    private string File_ => Path.Combine(_folder, "journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Journal_reopened_gives_its_records_in_order()
    {
        Write("one", "two", "three");
        AssertRecords(["one", "two", "three"], 0L);
    }

    [Fact]
    public void Journal_torn_at_every_byte_of_the_last_record_keeps_all_before_it()
    {
        Write("first", "second", "the last record");
        byte[] whole = File.ReadAllBytes(File_);
        int lastBytes = Journal.FrameBytes + "the last record".Length;
        for (int kept = 0; kept < lastBytes; kept++)
        {
            File.WriteAllBytes(File_, whole[..(whole.Length - lastBytes + kept)]);
            AssertRecords(["first", "second"], (long)kept);
        }
    }

    [Fact]
    public void Journal_with_any_flipped_byte_in_the_last_record_keeps_all_before_it()
    {
        Write("first", "second", "the last record");
        byte[] whole = File.ReadAllBytes(File_);
        int lastBytes = Journal.FrameBytes + "the last record".Length;
        for (int at = whole.Length - lastBytes; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            File.WriteAllBytes(File_, damaged);
            AssertRecords(["first", "second"], (long)lastBytes);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(4096)]
    public void Journal_with_zeros_after_a_power_cut_keeps_its_records(int zeros)
    {
        Write("first", "second");
        using (FileStream file = new(File_, FileMode.Append))
        {
            file.Write(new byte[zeros]);
        }

        AssertRecords(["first", "second"], (long)zeros);
    }

    [Fact]
    public void Journal_torn_takes_records_again_only_after_a_rewrite()
    {
        Write("first", "second");
        File.WriteAllBytes(File_, File.ReadAllBytes(File_)[..^1]);
        using (Journal journal = Journal.Open(File_, "FIELDOB1"u8, _ => { }))
        {
            Assert.Throws<IOException>(() => journal.Append("x"u8.ToArray()));
            journal.Rewrite(["first"u8.ToArray()]);
            journal.Append("third"u8.ToArray());
        }

        AssertRecords(["first", "third"], 0L);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Journal_whose_creation_was_torn_is_created_again(int bytes)
    {
        File.WriteAllBytes(File_, "FIELDOB1"u8[..bytes].ToArray());
        Write("first");
        AssertRecords(["first"], 0L);
    }

    [Fact]
    public void Journal_of_another_kind_of_file_is_refused_and_left_alone()
    {
        byte[] other = Encoding.UTF8.GetBytes("SQLite format 3 and more");
        File.WriteAllBytes(File_, other);
        Assert.Throws<FieldException>(() => Journal.Open(File_, "FIELDOB1"u8, _ => { }));
        Assert.Equal(other, File.ReadAllBytes(File_));
    }

    [Fact]
    public void Journal_of_random_bytes_never_throws_anything_else()
    {
        Random random = new(20_261_121);
        Write("first", "second", "third");
        byte[] whole = File.ReadAllBytes(File_);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. whole];
            for (int edits = random.Next(1, 5); edits > 0; edits--)
            {
                damaged[random.Next(8, damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(File_, damaged);
            (string[] records, long torn) = Read();
            Assert.Equal(new[] { "first", "second", "third" }[..records.Length], records);
            Assert.Equal(whole.Length, 8 + torn + records.Sum(r => Journal.FrameBytes + r.Length));
        }
    }

    [Fact]
    public void Journal_of_records_appended_together_loses_only_the_torn_one()
    {
        using (Journal journal = Journal.Open(File_, "FIELDOB1"u8, _ => { }))
        {
            journal.Append([Encoding.UTF8.GetBytes("one"), Encoding.UTF8.GetBytes("two"), Encoding.UTF8.GetBytes("three")]);
            Assert.Equal(3, journal.RecordCount);
            Assert.Equal(new FileInfo(File_).Length, journal.SizeBytes);
        }

        AssertRecords(["one", "two", "three"], 0L);
        File.WriteAllBytes(File_, File.ReadAllBytes(File_)[..^1]);
        AssertRecords(["one", "two"], Journal.FrameBytes + 4L);
    }

    private void Write(params string[] records)
    {
        using Journal journal = Journal.Open(File_, "FIELDOB1"u8, _ => { });
        foreach (string record in records)
        {
            journal.Append(Encoding.UTF8.GetBytes(record));
        }
    }

    private void AssertRecords(string[] records, long torn)
    {
        (string[] actual, long actualTorn) = Read();
        Assert.Equal(records, actual);
        Assert.Equal(torn, actualTorn);
    }

    private (string[] Records, long Torn) Read()
    {
        List<string> records = [];
        using Journal journal = Journal.Open(File_, "FIELDOB1"u8, r => records.Add(Encoding.UTF8.GetString(r.Span)));
        return ([.. records], journal.TornBytes);
    }
}
