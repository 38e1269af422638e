#include "sensor/host_container.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "support/temp_tree.h"

namespace wattfor::host_container_test {
namespace {

using test::TempTree;

Confinement confinement_in(const TempTree& tree, const std::string& kubernetes_service = "") {
  return read_confinement(tree / "proc", tree / "sys", [&](const std::string& name) {
    return name == "KUBERNETES_SERVICE_HOST" && !kubernetes_service.empty()
               ? std::optional(kubernetes_service)
               : std::nullopt;
  });
}

TEST(HostContainerTest, TheLowestLimitOnTheWayUpCounts) {
  const TempTree tree;
  tree.write("proc/self/cgroup", "0::/a.slice/b.scope\n");
  tree.write("sys/fs/cgroup/a.slice/cpu.max", "200000 100000\n");
  tree.write("sys/fs/cgroup/a.slice/b.scope/cpu.max", "max 100000\n");
  tree.write("sys/fs/cgroup/a.slice/memory.max", "max\n");
  tree.write("sys/fs/cgroup/a.slice/b.scope/memory.max", "1073741824\n");
  const Confinement confinement = confinement_in(tree);
  EXPECT_EQ(confinement.cgroup, "/a.slice/b.scope");
  EXPECT_EQ(confinement.container, "");
  EXPECT_EQ(confinement.cpu_quota, 2.0);
  EXPECT_EQ(confinement.memory_limit_bytes, 1073741824.0);
}

TEST(HostContainerTest, AContainersOwnViewBeginsAtItsCgroup) {
  const TempTree tree;
  tree.write("proc/self/cgroup", "0::/\n");
  tree.write("sys/fs/cgroup/cpu.max", "50000 100000\n");
  EXPECT_EQ(confinement_in(tree).cpu_quota, 0.5);
}

TEST(HostContainerTest, ReadsVersionOneToo) {
  const TempTree tree;
  tree.write("proc/self/cgroup",
             "9:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/x\n");
  tree.write("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us", "150000\n");
  tree.write("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us", "100000\n");
  tree.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  tree.write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  tree.write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "9223372036854771712\n");
  const Confinement confinement = confinement_in(tree);
  EXPECT_EQ(confinement.cgroup, "/docker/abc");
  EXPECT_EQ(confinement.container, "docker");
  EXPECT_EQ(confinement.cpu_quota, 1.5);
  EXPECT_EQ(confinement.memory_limit_bytes, std::nullopt) << "the largest number is no limit";
}

TEST(HostContainerTest, KnowsEnginesByTheirCgroups) {
  for (const auto& [path, container] : std::map<std::string, std::string>{
           {"/system.slice/docker-12ab.scope", "docker"},
           {"/user.slice/user-1000.slice/user@1000.service/libpod-12ab.scope/container", "podman"},
           {"/kubepods.slice/kubepods-pod1.slice/cri-containerd-2.scope", "kubernetes"},
           {"/lxc.payload.web", "lxc"},
           {"/machine.slice/systemd-nspawn@web.service/payload", "systemd-nspawn"},
           {"/user.slice/user-1000.slice/session-2.scope", ""},
           {"/system.slice/docker.service", ""},
           {"/system.slice/slurmstepd.scope/job_1/step_0/user/task_0", ""}}) {
    const TempTree tree;
    tree.write("proc/self/cgroup", "0::" + path + "\n");
    EXPECT_EQ(confinement_in(tree).container, container) << path;
  }
}

TEST(HostContainerTest, KnowsEnginesByWhatTheyLeaveInTheContainer) {
  const std::string own_tree = "proc/self/root";
  const TempTree docker;
  docker.write(own_tree + "/.dockerenv", "");
  EXPECT_EQ(confinement_in(docker).container, "docker");
  const TempTree podman;
  podman.write(own_tree + "/run/.containerenv", "engine=\"podman\"");
  EXPECT_EQ(confinement_in(podman).container, "podman");
  const TempTree named;
  named.write("proc/1/environ", std::string("PATH=/bin\0container=lxc\0TERM=x", 30));
  EXPECT_EQ(confinement_in(named).container, "lxc");
  EXPECT_EQ(confinement_in(named, "10.0.0.1").container, "kubernetes");
}

TEST(HostContainerTest, GarbageConfinesNothing) {
  const TempTree tree;
  tree.write("proc/self/cgroup", "0:\n::\nno colon\n5:cpu\n");
  tree.write("sys/fs/cgroup/cpu.max", "0 0\n");
  tree.write("sys/fs/cgroup/memory.max", "-5\n");
  tree.make_unreadable("proc/1/environ");
  const Confinement confinement = confinement_in(tree);
  EXPECT_EQ(confinement.container, "");
  EXPECT_EQ(confinement.cpu_quota, std::nullopt);
  EXPECT_EQ(confinement.memory_limit_bytes, std::nullopt);
}

TEST(HostContainerTest, ACgroupsPathLeadsNowhereElse) {
  const TempTree tree;
  tree.write("proc/self/cgroup", "0::/../../../outside\n");
  tree.write("outside/cpu.max", "100000 100000\n");
  EXPECT_EQ(confinement_in(tree).cpu_quota, std::nullopt);
  std::string deep = "0::";
  for (int i = 0; i < 10'000; ++i) deep += "/d";
  tree.write("proc/self/cgroup", deep);
  EXPECT_EQ(confinement_in(tree).cpu_quota, std::nullopt);
  tree.write("proc/self/cgroup", "0::/" + std::string(1 << 20, 'x'));
  EXPECT_EQ(confinement_in(tree).cgroup, "");
}

}  // namespace
}  // namespace wattfor::host_container_test
