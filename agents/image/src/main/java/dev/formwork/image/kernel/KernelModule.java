package dev.formwork.image.kernel;

import dev.formwork.image.elf.ElfFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A part of the kernel that is loaded when it is needed.
///
/// @param name as others refer to it: with `_`, and never `-`
/// @param path below `/lib/modules/VERSION`, such as `kernel/drivers/net/virtio_net.ko`
/// @param file with its bytes
/// @param depends the names of those it can't do without
/// @param soft the names of those it is better with
/// @param aliases what it is good for, such as `pci:v00001AF4d00001000sv*sd*bc*sc*i*`
record KernelModule(
        String name,
        String path,
        Path file,
        List<String> depends,
        List<String> soft,
        List<String> aliases) {
    static KernelModule read(String path, Path file) throws IOException {
        ElfFile elf = ElfFile.read(file);
        if (elf == null) {
            throw new IOException(path + " is no kernel module");
        }
        List<String> depends = new ArrayList<>();
        for (String list : elf.moduleInfo("depends")) {
            for (String each : list.split(",", -1)) {
                if (!each.isBlank()) {
                    depends.add(plain(each));
                }
            }
        }
        List<String> soft = new ArrayList<>();
        for (String list : elf.moduleInfo("softdep")) {
            for (String each : list.split("\\s+", -1)) {
                if (!each.isBlank() && !each.endsWith(":")) {
                    soft.add(plain(each));
                }
            }
        }
        String name = path.substring(path.lastIndexOf('/') + 1, path.length() - ".ko".length());
        return new KernelModule(
                plain(name),
                path,
                file,
                List.copyOf(depends),
                List.copyOf(soft),
                List.copyOf(elf.moduleInfo("alias")));
    }

    static String plain(String name) {
        return name.strip().replace('-', '_');
    }
}
